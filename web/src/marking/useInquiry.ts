import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { replaceParams, route } from '../state/router.ts';
import { EMPTY_INQUIRY, type Inquiry, inquiryOf, paramsOf } from './address.ts';
import { EXAMPLES } from './examples.ts';

/** What is being looked at; the Try and the Explain view share it, so going from one to the other keeps it. */
export const inquiry = signal<Inquiry>(EMPTY_INQUIRY);

/** Browsers limit how often an address may change; typing changes it once it pauses. */
const ADDRESS_DELAY = 300;

/** The address that the page itself wrote last: no news to read back. */
let written = '';

/** Whether the page still shows what it opened with, by itself. */
export const isOpening = (current: Inquiry): boolean => current === EXAMPLES[0];

/** The shared inquiry, taken from the address and written into it; where neither has one, an example. */
export function useInquiry(): [Inquiry, (change: (now: Inquiry) => Inquiry) => void] {
  const address = route.value.params.toString();

  useEffect(() => {
    if (address !== '' && address !== written) inquiry.value = inquiryOf(new URLSearchParams(address));
    else if (inquiry.value === EMPTY_INQUIRY) inquiry.value = EXAMPLES[0];
  }, [address]);

  const current = inquiry.value;
  useEffect(() => {
    if (current === EMPTY_INQUIRY || isOpening(current)) return;
    const timer = setTimeout(() => {
      const params = paramsOf(current);
      written = params.toString();
      replaceParams(params);
    }, ADDRESS_DELAY);
    return () => clearTimeout(timer);
  }, [current]);

  return [
    current,
    (change) => {
      inquiry.value = change(inquiry.value);
    },
  ];
}
