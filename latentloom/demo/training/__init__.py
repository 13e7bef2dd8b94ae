"""How the embedded demo model was made: one program per stage, from drawings to contact sheets.

Read in this order: `pictures` (with `artwork`, `colours`, `concepts`), `captions`, `tokenizer`, `autoencoder`,
`denoiser` (latent diffusion itself; with `loop`, `optimisers`), `export`, `evaluate`, `sheets`. Nothing in the product
imports this package, and it is not installed: it runs from a checkout, by `make demo-model`.
"""
