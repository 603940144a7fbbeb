const selects = [document.getElementById("task"), document.getElementById("regime")];
const cards = [...document.querySelectorAll("article")];
const heading = document.querySelector("h1");
const narrow = () => {
  const [task, regime] = selects.map((select) => select.value);
  const fits = (card) => (!task || card.dataset.task === task) && (!regime || card.dataset.regime === regime);
  for (const card of cards) card.hidden = !fits(card);
  heading.textContent = `${cards.filter(fits).length} wrong answers`;
};
for (const select of selects) select.addEventListener("change", narrow);
