"use strict";
(() => {
  const filter = document.getElementById("filter"), notable = document.getElementById("notable");
  const rows = [...document.querySelectorAll(".matrix .row")], shown = document.getElementById("shown");
  const show = () => {
    const wanted = filter.value.trim().toLowerCase();
    let count = 0;
    for (const row of rows) {
      const fits = row.dataset.name.includes(wanted) && (!notable.checked || row.dataset.notable === "1");
      row.classList.toggle("hidden", !fits);
      count += fits;
    }
    for (const body of document.querySelectorAll(".matrix tbody")) {
      const left = body.querySelector(".row:not(.hidden)");
      body.classList.toggle("hidden", !left);
    }
    shown.textContent = `${count} of ${rows.length}`;
  };
  filter.addEventListener("input", show);
  notable.addEventListener("change", show);
  show();
})();
