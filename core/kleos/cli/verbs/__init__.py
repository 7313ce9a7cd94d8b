"""The verbs, one module each: what the command line says about them, and what they do. What they need is imported when they run."""
