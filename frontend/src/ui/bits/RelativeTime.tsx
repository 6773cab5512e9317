import { Tooltip } from "@mantine/core";
import { useEffect, useState } from "react";
import { exactTime, relativeTime } from "./time";

/** A time as people say it, the exact one on hover; moves on by itself. */
export function RelativeTime({ at }: { at: string }) {
  const now = useMinutes();
  const date = new Date(at);
  return (
    <Tooltip label={exactTime(date)}>
      <time dateTime={at}>{relativeTime(date, now)}</time>
    </Tooltip>
  );
}

function useMinutes(): Date {
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    const timer = setInterval(() => setNow(new Date()), 60_000);
    return () => clearInterval(timer);
  }, []);
  return now;
}
