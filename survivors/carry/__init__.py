"""What a reader takes along: a card to show, a page beside its English, the whole guide on paper. No tables."""
