"""The example of docs/declaring-a-register.md, in test mode only: a register of wells in thirty lines, with everything that follows."""
