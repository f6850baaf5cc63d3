"""Here is a docnum; what is stored for the document?"""
