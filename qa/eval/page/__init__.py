"""What the report shows: the figures in words, the questions with their marked text, and the page that holds them."""
