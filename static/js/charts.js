// Draws the Vega-Lite charts of a page without eval and without styles of their own, so that the strict CSP holds.
(() => {
  "use strict";
  const vietnamese = { decimal: ",", thousands: ".", grouping: [3], currency: ["", " đồng"] };
  const options = { actions: false, ast: true, renderer: "svg", defaultStyle: false, tooltip: false,
    formatLocale: vietnamese, loader: { target: "_self" } };
  document.addEventListener("DOMContentLoaded", () => {
    for (const box of document.querySelectorAll("[data-chart]")) {
      const spec = JSON.parse(document.getElementById(box.dataset.chart).textContent);
      vegaEmbed(box, spec, options).catch((error) => console.error(error));
    }
  });
})();
