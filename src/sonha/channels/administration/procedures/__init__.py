"""The procedure editor: steps, forms, papers, fees, clocks; drafts, validation in words, publishing."""
