"""The page of a run, `results/<size>/index.html`: what is shown, apart from how it is written down."""
