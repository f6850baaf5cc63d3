"""What is a file of a segment? Named sections between a header and a checksummed footer."""
