"""CerberusMesh inside of a Cowrie. Tried with the versions below; another one is refused, and Cowrie runs without it."""

TRIED_WITH = ("3.1.4",)
