"""What ``kleos report`` says about the files that it wrote."""
