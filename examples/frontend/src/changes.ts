// The feed of changes while they happen. A browser's own EventSource cannot send a token, so the events are read of a fetch.
import { EventSourceParserStream } from "eventsource-parser/stream";
import { Refusal, api, told, type Schemas } from "./api";

const LONGEST_PAUSE = 60;
const PATIENCE = 3000;

/**
 * Calls `changed` after each change of these types, and where some may have been missed, until `signal` says that nobody looks any
 * more. Resolves once it is connected, so that what is read after that lacks nothing, or when that takes too long for a person.
 */
export function follow(types: Schemas["ChangeType"][], signal: AbortSignal, changed: () => void): Promise<void> {
  return new Promise((goOn) => {
    setTimeout(goOn, PATIENCE);
    void listen(types, signal, changed, goOn).finally(goOn);
  });
}

async function listen(types: Schemas["ChangeType"][], signal: AbortSignal, changed: () => void, goOn: () => void): Promise<void> {
  const begun = Date.now();
  let last: string | undefined;
  let pause = 2;
  for (let first = true; !signal.aborted; first = false) {
    try {
      const stream = told(await api.GET("/api/v1/changes", {
        // An `id` that arrived wins over `after`.
        params: { query: { after: "now", types: types.join(",") }, header: { ...(last && { "Last-Event-ID": last }) } },
        headers: { Accept: "text/event-stream" },
        parseAs: "stream",
        signal,
      }));
      goOn();
      // What happened before this connection, and after what is on the screen was read.
      if (!last && (!first || Date.now() - begun >= PATIENCE)) changed();
      pause = 2;
      const events = stream!.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream()).getReader();
      for (let read = await events.read(); !read.done; read = await events.read()) {
        last = read.value.id ?? last;
        changed();
      }
      // It ends when the token does: the next request renews it.
    } catch (failure) {
      if (signal.aborted) return;
      if (failure instanceof Refusal) {
        // The place is no longer kept: there may have been anything since.
        if (failure.status === 410) last = undefined;
        // The session has ended, or the account may no longer: the screen says so at the next step.
        else if (failure.status !== 429 && failure.status < 500) return;
        pause = failure.retryAfter ?? pause;
      }
      goOn();
      pause = Math.min(pause * 2, LONGEST_PAUSE);
    }
    await new Promise((later) => setTimeout(later, pause * 1000));
  }
}
