"""Latentloom: a node editor and graph engine for diffusion pipelines, with an open denoising loop."""

__version__ = "0.1.0"
