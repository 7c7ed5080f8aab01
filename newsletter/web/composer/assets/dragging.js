// Entries dragged to their place in a section by mouse, pen or finger. The arrows beside them and Alt with an arrow do
// the same.
const dragging = (() => {
  const {find, all} = forms;
  let from = null, order = [];
  const stays = () => { from = null; document.dispatchEvent(new Event('dropped')); };
  const rows = list => [...list.children].filter(row => row.dataset.row !== undefined);
  const putBack = (list, was) => was.forEach(row => { if (row.parentNode === list) list.append(row); });
  const options = {
    handle: '.grip', draggable: '.row', direction: 'vertical', ghostClass: 'held',
    animation: matchMedia('(prefers-reduced-motion:reduce)').matches ? 0 : 120,
    onStart: ({from: list}) => { [from, order] = [list, rows(list)]; all('details.menu[open]').forEach(menu => { menu.open = false; }); },
    onEnd: ({item: row, from: list}) => {
      const to = rows(list).indexOf(row), was = order;
      if (to < 0 || was.indexOf(row) === to) { stays(); return; }
      const form = find('form[action$="/move"]', row).cloneNode(true);
      form.removeAttribute('id');
      form.hidden = true;
      form.elements.to.value = to + 1;
      row.append(form);
      find('a', row).focus({preventScroll: true});
      // The answer makes the page anew. Where there is none, or a refusal, nothing has moved.
      form.addEventListener('answered', () => { if (form.isConnected) { form.remove(); putBack(list, was); } stays(); });
      form.requestSubmit();
    },
  };
  const mount = () => all('.movable').filter(list => !Sortable.get(list)).forEach(list => new Sortable(list, options));
  return {mount, now: () => from !== null};
})();
