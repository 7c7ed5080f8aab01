// Forms and what stands in them: what was typed and not saved yet, and what was typed after it had been sent.
const forms = (() => {
  const find = (selector, within = document) => within.querySelector(selector);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const dirty = form => (/^word-(period|lists)$/.test(form.id) ? fields(form).some(field => (
    field.type === 'checkbox' ? field.checked !== field.defaultChecked : field.value !== field.defaultValue)) : touched(form));
  const touched = form => all('[name^="was"]', form).some(was => {
    const name = was.name === 'was' ? (form.id === 'text' ? 'text' : 'value') : `f.${was.name.slice(4)}`;
    const field = form.elements[name];
    if (!field) return false;
    const now = field.type === 'checkbox' ? (field.checked ? field.value : '') : field.value;
    return now.trim() !== was.value.trim();
  }) || ('hold' in form.dataset && [...form.elements].some(altered));
  const altered = field => {
    if (field.options) return field.selectedOptions[0] !== ([...field.options].find(option => option.defaultSelected) || field.options[0]);
    return field.matches('input:not([type=hidden]),textarea') && field.value !== field.defaultValue;
  };
  // What was refused is told no longer where a field says again what its file says.
  const waits = form => dirty(form) || find('[aria-invalid=true]', form) !== null;
  const unsaved = () => all('form[data-guard],form[data-save]').some(dirty);
  // What takes a page away takes along what is typed on it; that stands in no file, so nothing brings it back.
  const mayGo = form => form.dataset.loses === undefined || !unsaved() || confirm(`What you have typed is not saved, and would be lost. ${form.dataset.loses}`);
  const fields = form => all('input:not([type=hidden],[type=file]),textarea:not([hidden]),select', form).filter(field => field.name);
  const now = field => (/^(checkbox|radio)$/.test(field.type) ? String(field.checked) : field.value);
  const set = (field, value) => {
    if (now(field) === value) return;
    if (/^(checkbox|radio)$/.test(field.type)) field.checked = value === 'true'; else field.value = value;
  };
  const key = field => `${field.name} ${/^(checkbox|radio)$/.test(field.type) ? field.value : ''}`;
  const NONE = /[\p{Mn}\p{Me}\p{Cf}]/u, WIDE = /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\uff01-\uff60\u{20000}-\u{3fffd}\p{Emoji_Presentation}]/u;
  // As the checks count: signs of Chinese, Japanese and Korean take the room of two letters, marks on others none.
  const columns = text => [...text].reduce((sum, sign) => sum + (NONE.test(sign) ? 0 : WIDE.test(sign) ? 2 : 1), 0);
  function count() {
    for (const label of all('[data-count]')) {
      const length = columns(find(`#${label.dataset.count}`).value), most = Number(label.dataset.most);
      label.textContent = `${length} of ${most}`;
      label.classList.toggle('over', length > most);
    }
  }
  function filter(input) {
    const wanted = input.value.trim().toLocaleLowerCase();
    for (const row of all(`${input.dataset.filter} [data-row], ${input.dataset.filter}[data-row]`)) {
      row.hidden = !row.textContent.toLocaleLowerCase().includes(wanted);
    }
  }
  // What a browser does by itself with an address that names a place, and does not with a page that is fetched.
  function reach(hash) {
    const place = document.getElementById(hash.slice(1)), folded = place?.closest('details'), field = 'input:not([type=hidden]),textarea:not([hidden]),select,summary';
    if (folded) folded.open = true;
    place?.scrollIntoView({block: 'center'});
    (place?.matches(field) ? place : place?.querySelector(field))?.focus();
  }
  // What has the focus keeps its words: on another page a link would lead to one thing and say another.
  function release(fresh) {
    const here = document.activeElement;
    if (!here.id || !fresh.getElementById(here.id)) here.blur();
  }
  // Where what had the focus is gone, it goes to the neighbour, or to what the page is about.
  function refocus(near) {
    const row = near.map(id => document.getElementById(id)).find(Boolean);
    const place = (row && find('a,summary', row)) || find('main h1') || find('main');
    if (place.matches('h1,main')) place.tabIndex = -1;
    place.focus({preventScroll: !row});
  }
  // Of a field with several lines browsers bring only that of the cursor into sight.
  document.addEventListener('keyup', event => {
    if (event.key === 'Tab' && event.target.matches('textarea')) event.target.scrollIntoView({block: 'nearest'});
  });
  // What is one line of an inbox may be several of a form, all of it in sight; it is typed as one.
  document.addEventListener('keydown', event => {
    if (event.key !== 'Enter' || event.isComposing || !event.target.matches('textarea.one')) return;
    event.preventDefault();
    event.target.form.requestSubmit();
  });
  document.addEventListener('input', event => {
    if (event.target.matches('textarea.one') && event.target.value.includes('\n')) {
      event.target.setRangeText(event.target.value.replace(/\s*\n\s*/g, ' '), 0, event.target.value.length, 'end');
    }
  }, true);
  return {find, all, dirty, waits, unsaved, mayGo, altered, fields, now, set, key, count, filter, reach, release, refocus};
})();
