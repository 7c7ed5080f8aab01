// A day chosen in the browser's own calendar goes into the field as text, over the day that stood there; a time stays.
// Days that arrow keys only pass are `input` as well, and would be saved: what is chosen is the `change` as it closes.
(() => {
  const {find} = forms;
  const DAY = /^\s*(\d{4}-\d{2}-\d{2})/;
  document.addEventListener('click', event => {
    const button = event.target.closest('[data-day]');
    if (!button) return;
    const calendar = find('input', button.parentElement);
    calendar.value = DAY.exec(document.getElementById(button.dataset.day).value)?.[1] ?? '';
    calendar.showPicker();
  });
  document.addEventListener('change', event => {
    const button = event.target.matches('.calendar input') && find('[data-day]', event.target.parentElement);
    if (!button) return;
    const field = document.getElementById(button.dataset.day), day = event.target.value;
    field.value = day && DAY.test(field.value) ? field.value.replace(DAY, day) : day && day + (button.dataset.time ?? '');
    field.dispatchEvent(new Event('input', {bubbles: true}));
    find('#status').textContent = field.value;
  });
})();
