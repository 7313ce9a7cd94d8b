"""What Kleos knows, as files that others can read: tables with a descriptor, and the graph of who reacts to whom."""
