"""How results, faults and errors look on a terminal of any width."""
