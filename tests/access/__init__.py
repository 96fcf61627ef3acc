"""Who may do what, over everything there is: subjects and objects are found in the code, answers in its tables."""
