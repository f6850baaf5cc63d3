"""How do many small whole numbers become few bytes?

A *list* here is one run of whole numbers below 2**32: the docnum gaps of one term, its term frequencies, its
position gaps. Each list is packed on its own, in whichever of sixteen ways needs the fewest bytes, so that numpy
can unpack it with a handful of vector operations.
"""
