"""Arithmetic on embeddings."""

import pytest
import torch

from latentloom.graph import InputError
from latentloom.nodes.embeddings import (
    combine_embeddings,
    concat_embeddings,
    embedding_batch,
    mix_embeddings,
    size_condition,
)
from latentloom.nodes.values import Embedding


def embedding(value, tokens=3, width=4, pooled=True):
    return Embedding(torch.full((1, tokens, width), float(value)), torch.full((1, 2), float(value)) if pooled else None)


def test_concatenated_prompts_stand_one_after_the_other():
    joined = concat_embeddings(embedding(1, 2), embedding(2, 3))
    assert joined.tokens[0, :, 0].tolist() == [1, 1, 2, 2, 2]
    assert joined.pooled[0, 0] == 1


@pytest.mark.parametrize("weight", [0.0, 0.25, 1.0])
def test_mixing_goes_from_one_to_the_other(weight):
    mixed = mix_embeddings(embedding(1), embedding(5), weight)
    assert torch.allclose(mixed.tokens, torch.full((1, 3, 4), 1 + 4 * weight))
    assert torch.allclose(mixed.pooled, torch.full((1, 2), 1 + 4 * weight))


def test_combining_adds_with_weights_or_averages():
    assert combine_embeddings(embedding(1), embedding(5), 1, 3).tokens[0, 0, 0] == 4
    assert combine_embeddings(embedding(1), embedding(5), 1, 3, average=False).tokens[0, 0, 0] == 16
    with pytest.raises(InputError, match="add up to 0"):
        combine_embeddings(embedding(1), embedding(5), 1, -1)


def test_a_batch_keeps_every_part():
    batch = embedding_batch([embedding(1), embedding(2), embedding(3)])
    assert batch.tokens[:, 0, 0].tolist() == batch.pooled[:, 0].tolist() == [1, 2, 3]
    assert embedding_batch([embedding(1, pooled=False)] * 2).pooled is None


def test_sizes_are_in_the_order_that_sdxl_reads():
    found = size_condition(embedding(1), 640, 480, 10, 20, 1024, 768)
    assert found.size.tolist() == [[480, 640, 20, 10, 768, 1024]]


def test_embeddings_that_do_not_fit_are_told_with_the_mend():
    with pytest.raises(InputError, match="pad_pair"):
        mix_embeddings(embedding(1, 2), embedding(1, 3))
    with pytest.raises(InputError, match="4 and 6 features"):
        concat_embeddings(embedding(1), embedding(1, width=6))
    with pytest.raises(InputError, match="pooled"):
        combine_embeddings(embedding(1), embedding(1, pooled=False))
    with pytest.raises(InputError, match="empty"):
        embedding_batch([])
