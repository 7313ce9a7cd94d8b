"""What the Data API v3 answers, fetched by the source `api` or saved by somebody and given to `comments`."""
