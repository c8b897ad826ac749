"""What every part stands on: people, units, access, files, papers, messages, jobs. Knows no business; imports nothing above itself."""
