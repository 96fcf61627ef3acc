"""Words, passages, sentence vectors and stance of English text; import the module you need, this door is empty.

``passages`` (standard library only; safe on the form path):
    ``Span(start, end)``; ``split(text) -> list[Span]``: clauses and comma lists; ``sentences(text) -> list[Span]``;
    ``is_non_answer(text) -> bool``
``tokens`` (imports nltk):
    ``tokenize(text) -> list[str]``; ``stem(word) -> str``; ``STOPWORDS``
``vectors`` (numpy, scipy):
    ``Encoder`` (Protocol: ``name: str``, ``encode(texts) -> float32 (n, d)``); ``StaticTable.load() -> StaticTable``
``sentence_model`` (numpy; when loaded, onnxruntime and tokenizers):
    ``SentenceModel.load(folder) -> SentenceModel``, an ``Encoder``
``sentiment`` (the vaderSentiment package's lexicon, read directly):
    ``Stance(score, found)``; ``stance(text) -> Stance``; ``stances(texts) -> list[Stance]``; score -1 to 1
"""
