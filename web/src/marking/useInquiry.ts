import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { replaceParams, route } from '../state/router.ts';
import { EMPTY_INQUIRY, type Inquiry, inquiryOf, paramsOf } from './address.ts';

/** What is being looked at; the Try and the Explain view share it, so going from one to the other keeps it. */
export const inquiry = signal<Inquiry>(EMPTY_INQUIRY);

/** Browsers limit how often an address may change; typing changes it once it pauses. */
const ADDRESS_DELAY = 300;

/** The address that the page itself wrote last: no news to read back. */
let written = '';

/** The shared inquiry, taken from the address and written into it. */
export function useInquiry(): [Inquiry, (change: (now: Inquiry) => Inquiry) => void] {
  const address = route.value.params.toString();

  useEffect(() => {
    if (address !== '' && address !== written) inquiry.value = inquiryOf(new URLSearchParams(address));
  }, [address]);

  const current = inquiry.value;
  useEffect(() => {
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
