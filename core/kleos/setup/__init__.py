"""Setting up: what the files that somebody has are, a configuration for them, and whether everything in it is in order.

`recognition`, `understanding` and `configured` turn paths into a configuration; `starter` writes one for who has no files yet;
`checkup` looks a configuration over.
"""
