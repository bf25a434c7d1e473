// SPDX-License-Identifier: Apache-2.0
//
// Draws each chart from the table beneath it, so that both always say the same.
"use strict";
(function () {
  const CHART_HEIGHT = 360;
  const POINT_RADIUS = 4;

  function colourOf(name) {
    return getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim();
  }

  function text(number) {
    return number.toLocaleString(document.documentElement.lang, { maximumFractionDigits: 6 });
  }

  // Years as numbers: 2024-11 lies ten twelfths into 2024.
  function position(period) {
    const [year, month] = period.split("-").map(Number);
    return month ? year + (month - 1) / 12 : year;
  }

  function readTable(table) {
    const heads = [...table.tHead.rows[0].cells].slice(1, -1);
    const rows = [...table.tBodies[0].rows];
    return {
      periods: rows.map((row) => row.cells[0].textContent),
      series: heads.map((head, i) => ({
        name: head.textContent,
        draw: head.dataset.draw,
        colour: colourOf(head.dataset.colour),
        axis: head.dataset.axis,
        values: rows.map((row) => {
          const value = row.cells[i + 1].dataset.value;
          return value === undefined ? null : Number(value);
        }),
        marks: rows.map((row) => row.cells[i + 1].dataset.mark),
      })),
    };
  }

  // The top of each part of a stack. uPlot draws the later ones above the earlier, so the highest comes first.
  function stacked(series) {
    const heights = series[0].values.map(() => 0);
    return series
      .map((one) => ({
        ...one,
        tops: one.values.map((value, i) => (value === null ? null : (heights[i] += value))),
      }))
      .reverse();
  }

  // What a line's points look like: filled where the value was seen, hollow where it was derived or recalled.
  function drawPoints(plot, series) {
    const context = plot.ctx;
    const ratio = devicePixelRatio;
    context.save();
    series.forEach((one, i) => {
      if (one.draw !== "line" || !plot.series[i + 1].show) return;
      context.strokeStyle = one.colour;
      context.lineWidth = 2 * ratio;
      one.values.forEach((value, at) => {
        if (value === null) return;
        context.fillStyle = one.marks[at] === "seen" ? one.colour : colourOf("paper");
        context.beginPath();
        context.arc(
          plot.valToPos(plot.data[0][at], "x", true),
          plot.valToPos(value, one.axis, true),
          POINT_RADIUS * ratio,
          0,
          2 * Math.PI,
        );
        context.fill();
        context.stroke();
      });
    });
    context.restore();
  }

  // Bars of values that were neither seen nor measured are hatched.
  function hatch(colour) {
    const tile = document.createElement("canvas");
    tile.width = tile.height = 8;
    const context = tile.getContext("2d");
    context.fillStyle = colourOf("paper");
    context.fillRect(0, 0, 8, 8);
    context.strokeStyle = colour;
    context.lineWidth = 3;
    context.beginPath();
    for (const shift of [-8, 0, 8]) {
      context.moveTo(shift, 8);
      context.lineTo(shift + 8, 0);
    }
    context.stroke();
    return context.createPattern(tile, "repeat");
  }

  function seriesOptions(one) {
    const options = {
      label: one.name,
      scale: one.axis,
      stroke: one.colour,
      width: 2,
      spanGaps: true,
      points: { show: false },
      value: (plot, value) => (value === null ? "–" : text(value)),
    };
    if (one.draw === "line") return options;
    const pattern = hatch(one.colour);
    options.fill = one.colour;
    const COLOUR = 3;  // uPlot's number of that unit
    options.paths = uPlot.paths.bars({
      size: one.draw === "stack" ? [0.5, 120, 24] : [0.6, 40, 8],
      disp: {
        fill: {
          unit: COLOUR,
          values: () => one.marks.map((mark) => (mark === "derived" || mark === "recalled" ? pattern : one.colour)),
        },
        stroke: { unit: COLOUR, values: () => one.marks.map(() => one.colour) },
      },
    });
    return options;
  }

  function axes(figure, isYears) {
    const number = (plot, values) => values.map(text);
    const common = { stroke: colourOf("ink"), grid: { stroke: colourOf("grid") }, font: "14px sans-serif" };
    const left = { ...common, scale: "left", label: figure.dataset.left, labelFont: "14px sans-serif", size: 64,
                   values: number };
    const list = [{ ...common, scale: "x", values: (plot, values) =>
                    values.map((v) => (Number.isInteger(v) ? String(v) : "")), incrs: [1, 2, 5, 10] }, left];
    if (figure.dataset.right) {
      list.push({ ...left, scale: "right", side: 1, label: figure.dataset.right, size: 92, grid: { show: false } });
    }
    return list;
  }

  function draw(figure) {
    const place = figure.querySelector(".plot");
    const reading = figure.querySelector(".reading");
    const table = readTable(figure.querySelector("table"));
    const isStack = table.series.some((one) => one.draw === "stack");
    const series = isStack ? stacked(table.series) : table.series;
    const x = table.periods.map(position);
    place.hidden = reading.hidden = false;
    const fromZero = (plot, min, max) => [0, max * 1.08];
    const plot = new uPlot({
      width: place.clientWidth,
      height: CHART_HEIGHT,
      scales: {
        x: { time: false, range: (u, min, max) => [min - 0.7, max + 0.7] },
        left: { range: isStack ? [0, 100] : fromZero },
        right: { range: fromZero },
      },
      axes: axes(figure),
      cursor: { y: false, drag: { x: false, y: false } },
      legend: { live: false },
      series: [{ label: "" }, ...series.map(seriesOptions)],
      hooks: { draw: [(u) => drawPoints(u, series)] },
    }, [x, ...series.map((one) => one.tops || one.values)], place);

    plot.ctx.canvas.setAttribute("role", "img");
    plot.ctx.canvas.setAttribute("aria-label", figure.querySelector(".alt").textContent);

    function read(at) {
      plot.setCursor({ left: plot.valToPos(x[at], "x"), top: 0 });
      const values = table.series
        .filter((one) => one.values[at] !== null)
        .map((one) => one.name + " " + text(one.values[at]));
      reading.textContent = table.periods[at] + ": " + values.join("; ");
    }
    let at = x.length - 1;
    read(at);
    place.addEventListener("keydown", (event) => {
      const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: x.length - 1 }[event.key];
      if (to === undefined) return;
      event.preventDefault();
      at = Math.min(Math.max(to, 0), x.length - 1);
      read(at);
    });
    plot.over.addEventListener("pointermove", () => {
      if (plot.cursor.idx !== null && plot.cursor.idx !== undefined) read((at = plot.cursor.idx));
    });
    new ResizeObserver(() => plot.setSize({ width: place.clientWidth, height: CHART_HEIGHT })).observe(place);
  }

  document.querySelectorAll("figure").forEach(draw);
  document.documentElement.dataset.drawn = "yes";
})();
