// Draws the Vega-Lite charts of a page without eval and without styles of their own, so that the strict CSP holds.
(() => {
  "use strict";
  const vietnamese = { decimal: ",", thousands: ".", grouping: [3], currency: ["", " đồng"] };
  const options = { actions: false, ast: true, renderer: "svg", defaultStyle: false, tooltip: false,
    formatLocale: vietnamese, loader: { target: "_self" } };
  // A phone has room for less beside one another: fewer columns of the legend, school years on two lines.
  function fit({ encoding: { x, color } }, width) {
    if (color?.legend) color.legend.columns = width > 720 ? 5 : width > 480 ? 2 : 1;
    if (width < 420 && x?.scale?.domain?.every?.((label) => /^\d{4}-\d{4}$/.test(label))) {
      x.axis.labelExpr = "[slice(datum.label, 0, 5), slice(datum.label, 5)]";
    }
  }
  document.addEventListener("DOMContentLoaded", () => {
    for (const box of document.querySelectorAll("[data-chart]")) {
      const spec = JSON.parse(document.getElementById(box.dataset.chart).textContent);
      fit(spec, box.clientWidth);
      vegaEmbed(box, spec, options).catch((error) => console.error(error));
    }
  });
})();
