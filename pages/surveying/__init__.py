"""Building a survey: its questions, words, languages, dates, preview, versions, posters, XLSForm and results."""
