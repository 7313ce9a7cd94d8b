"""What ``kleos simulate`` prints."""
