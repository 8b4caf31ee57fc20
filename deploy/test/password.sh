#!/bin/sh
# What ssh asks for a password: one that every decoy takes.
echo let-me-in
