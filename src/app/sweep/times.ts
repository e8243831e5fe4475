/** Moments as they are shown, and the passing of time. */
import { useEffect, useState } from 'react';

const today = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' });
const earlier = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' });

/** "08:12:30" where it was today, else "27 Nov 2026, 08:12". */
export function moment(iso: string): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return 'an unknown time';
  return date.toDateString() === new Date().toDateString() ? today.format(date) : earlier.format(date);
}

/** How often what is said of the time is said anew, in milliseconds. */
const PACE = 5000;

/** This moment, in milliseconds, renewed while it is shown. */
export function useNow(): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), PACE);
    return () => clearInterval(timer);
  }, []);
  return now;
}
