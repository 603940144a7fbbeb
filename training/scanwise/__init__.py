"""Trains the 3D language model of Scanwise. The model is defined in ARCHITECTURE.md, "The model, exactly"."""
