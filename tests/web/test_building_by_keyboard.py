"""Building workflows with the keyboard alone."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from .canvas import expect_picture
from .keyboard import add_here, connect_to, go_to, said, to_socket, walk


def test_text_to_image_is_built_from_nothing_by_keyboard_and_run(page: Page) -> None:
    page.keyboard.press("Alt+n")
    expect(page.locator(".node")).to_have_count(0)
    # The prompt. Each new node is wired to the socket where it is added.
    add_here(page, "load model")
    to_socket(page, "tokenizer", "output")
    add_here(page, "tokenize")
    to_socket(page, "text", "input")
    page.keyboard.press("Enter")
    page.keyboard.type("a red heart")
    page.keyboard.press("Escape")
    to_socket(page, "tokens", "output")
    add_here(page, "encode text")
    to_socket(page, "text encoder", "input")
    connect_to(page, "load model encoder")
    # The schedule, and the noise to begin with.
    go_to(page, "Load model")
    to_socket(page, "scheduler", "output")
    add_here(page, "noise schedule")
    to_socket(page, "steps", "input")
    page.keyboard.press("Enter")
    page.keyboard.type("6")
    page.keyboard.press("Enter")
    to_socket(page, "schedule", "output")
    add_here(page, "initial state")
    go_to(page, "Load model")
    to_socket(page, "denoiser", "output")
    add_here(page, "noise latent")
    for side in ("width", "height"):
        to_socket(page, side, "input")
        page.keyboard.press("Enter")
        page.keyboard.type("64")
        page.keyboard.press("Enter")
    to_socket(page, "random", "input")
    add_here(page, "random state")
    to_socket(page, "seed", "input")
    page.keyboard.press("Enter")
    page.keyboard.type("7")
    page.keyboard.press("Enter")
    go_to(page, "Noise latent")
    to_socket(page, "latent", "output")
    add_here(page, "start latent")
    to_socket(page, "schedule", "input")
    connect_to(page, "noise schedule · schedule")
    # The loop: it walks the timesteps and carries three values.
    go_to(page, "Noise schedule")
    to_socket(page, "timesteps", "output")
    add_here(page, "loop")
    page.keyboard.press("Home")
    walk(page, "ArrowDown", "takes a wire")
    connect_to(page, "start latent", "initial state", "noise latent · random")
    # Its body.
    walk(page, "ArrowUp", "latent, input")
    page.keyboard.press("ArrowRight")
    walk(page, "ArrowRight", "latent, inside the loop")
    add_here(page, "scale input")
    to_socket(page, "schedule", "input")
    connect_to(page, "noise schedule · schedule")
    to_socket(page, "timestep", "input")
    connect_to(page, "loop · timesteps")
    to_socket(page, "latent", "output")
    add_here(page, "denoise")
    for name, end in (("denoiser", "load model"), ("timestep", "loop · timesteps"), ("embedding", "encode text")):
        to_socket(page, name, "input")
        connect_to(page, end)
    to_socket(page, "prediction", "output")
    add_here(page, "scheduler step")
    for name, end in (
        ("schedule", "noise schedule · schedule"),
        ("timestep", "loop · timesteps"),
        ("latent", "loop · latent"),
        ("state", "loop · scheduler state"),
        ("random", "loop · random"),
    ):
        to_socket(page, name, "input")
        connect_to(page, end)
    for name, end in (("latent", "latent handed"), ("state", "state handed"), ("random", "random handed")):
        to_socket(page, name, "output")
        connect_to(page, end)
    # What comes out.
    page.keyboard.press("u")
    expect(said(page)).to_have_text("Loop")
    to_socket(page, "latent", "output")
    add_here(page, "decode")
    to_socket(page, "autoencoder", "input")
    connect_to(page, "load model")
    to_socket(page, "image", "output")
    add_here(page, "encode image")
    to_socket(page, "encoded image", "output")
    page.keyboard.press("e")
    expect(said(page)).to_have_text("encoded_image is an output of the workflow.")
    page.keyboard.press("Control+Enter")
    expect_picture(page, "encode_image")
