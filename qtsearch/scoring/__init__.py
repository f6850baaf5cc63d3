"""How well does a document answer the query? Formulas, the evaluation of a query tree, and the best k."""
