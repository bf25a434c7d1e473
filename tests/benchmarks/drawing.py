# SPDX-License-Identifier: Apache-2.0
"""How the curves of the documentation are drawn. deploy/dependencies --for bench installs what draws."""
import matplotlib

matplotlib.use("svg")
matplotlib.rcParams["svg.fonttype"] = "none"  # text stays text
matplotlib.rcParams["svg.hashsalt"] = "kansoku"  # the same numbers give the same file
import matplotlib.pyplot as plt  # noqa: E402, after the choice of what draws


def four_panels():
    """A figure and its four axes."""
    figure, axes = plt.subplots(2, 2, figsize=(9, 6.5), layout="constrained")
    return figure, axes.flat


def save(figure, path):
    for axes in figure.axes:
        axes.set_ylim(bottom=0)
        axes.grid(alpha=0.3)
        if axes.get_legend_handles_labels()[0]:
            axes.legend()
    figure.savefig(path, metadata={"Date": None})
