"""Pages, cards and badges of finished runs: `gather` reads, `page` is what a page says, `render` makes it HTML."""
