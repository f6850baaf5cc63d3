"""How good are the rankings? TREC topics, judgements and runs; measures; a comparison of two runs."""
