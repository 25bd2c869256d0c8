"""The aligned tangent kernel against its definition, image by image, and its growth with the width."""

from types import SimpleNamespace

import numpy as np
import pytest
import torch

from studies.scale_time.tables import kernels_at_start as aligned_kernel

RANDOM = np.random.default_rng(0)
IMAGES = SimpleNamespace(x=RANDOM.random((40, 3, 3)).astype(np.float32), y=np.arange(40) % 4, classes=4)


def options(**changes: object) -> dict[str, object]:
    return {"widths": [4, 8], "hidden_layers": 2, "seeds": 2, "images": 40} | changes


def test_the_kernel_is_that_of_the_jacobians() -> None:
    x = torch.from_numpy(RANDOM.standard_normal((5, 3)))
    y = torch.from_numpy(RANDOM.standard_normal((5, 2)))
    shapes = ((4, 3), (4,), (2, 4), (2,))
    tensors = [torch.from_numpy(RANDOM.standard_normal(shape)) for shape in shapes]

    def output(*weights: torch.Tensor, row: int) -> torch.Tensor:
        return weights[2] @ (weights[0] @ x[row] + weights[1]).relu() + weights[3]

    total = [torch.zeros(shape, dtype=torch.float64) for shape in shapes]
    for row in range(5):
        jacobians = torch.autograd.functional.jacobian(
            lambda *weights, row=row: output(*weights, row=row), tuple(tensors)
        )
        for sum_, jacobian in zip(total, jacobians, strict=True):
            sum_ += torch.tensordot(y[row], jacobian, dims=([0], [0])) / 5
    norm = y.square().sum() / 5
    expected = [float((total[i].square().sum() + total[i + 1].square().sum()) / norm) for i in (0, 2)]
    leaves = [tensor.clone().requires_grad_() for tensor in tensors]
    layers = [(leaves[0], leaves[1]), (leaves[2], leaves[3])]
    np.testing.assert_allclose(aligned_kernel.aligned_kernel(layers, x, y), expected, rtol=1e-12)


def test_one_row_for_each_width_and_seed() -> None:
    table = aligned_kernel.tabulate(options(), IMAGES)
    assert table["width"].tolist() == [4, 4, 8, 8]
    assert table["seed"].tolist() == [0, 1, 0, 1]
    assert table["parameters"].tolist() == [9 * 4 + 4 + 16 + 4 + 16 + 4] * 2 + [9 * 8 + 8 + 64 + 8 + 32 + 4] * 2
    parts = table["kernel_input"] + table["kernel_hidden"] + table["kernel_output"]
    np.testing.assert_allclose(parts, table["kernel"], rtol=1e-12)


def test_wide_layers_contribute_in_proportion_to_their_width() -> None:
    table = aligned_kernel.tabulate(options(widths=[256, 1024], seeds=3), IMAGES)
    narrow, wide = (table["kernel_hidden"][table["width"] == width].mean() for width in (256, 1024))
    assert wide / narrow == pytest.approx(4, rel=0.15)


def test_more_images_than_there_are_is_refused() -> None:
    with pytest.raises(ValueError, match="images: found 41; allowed: at most 40"):
        aligned_kernel.tabulate(options(images=41), IMAGES)
