import type { CommandProgress, FeedAcknowledgement, FeedPage, FeedQuestion, FollowedCommand } from '#lgsp/progress';
import type { Call } from './call';
import type { Command, ConnectorDefinition, FollowedOperation, MessageClass } from './definition';

type CommandVerbs<Ops> = {
  [V in keyof Ops & string]: Ops[V] extends Command<infer _I, infer _O> ? V : never;
}[keyof Ops & string];
type FollowedVerbs<Ops> = {
  [V in keyof Ops & string]: Ops[V] extends FollowedOperation<infer _I, infer _O> ? V : never;
}[keyof Ops & string];
/** None, where the definition names none. */
type FeedNames<D extends ConnectorDefinition> = string extends keyof NonNullable<D['feeds']>
  ? never
  : keyof NonNullable<D['feeds']> & string;
type InputOf<Op> = Op extends { input: MessageClass<infer I> } ? I : never;
type OutputOf<Op> = Op extends { output: MessageClass<infer O> } ? O : never;

/**
 * What an adapter must have: one method per operation, and for each command a second one, `<verb>Outcome`, that asks the
 * outside system whether the command with this call's idempotency key already took effect, without sending anything.
 * It answers `undefined` when it did not. The input is at hand when the command itself is repeated, and is not when the
 * ledger resolves an unknown outcome by key alone.
 *
 * For each command that is followed a third one, `<verb>Progress`, says where what the commands began stands: of those that the
 * outside system knows, in any order. For each list of changes `<name>Feed` reads a page, and `<name>Acknowledge` says that
 * it is durable here.
 */
export type AdapterOf<D extends ConnectorDefinition> = {
  [V in keyof D['operations'] & string]: (
    input: InputOf<D['operations'][V]>,
    call: Call,
  ) => Promise<OutputOf<D['operations'][V]>>;
} & {
  [V in CommandVerbs<D['operations']> as `${V}Outcome`]: (
    input: InputOf<D['operations'][V]> | undefined,
    call: Call,
  ) => Promise<OutputOf<D['operations'][V]> | undefined>;
} & {
  [V in FollowedVerbs<D['operations']> as `${V}Progress`]: (
    commands: FollowedCommand[],
    call: Call,
  ) => Promise<CommandProgress[]>;
} & {
  [F in FeedNames<D> as `${F}Feed`]: (question: FeedQuestion, call: Call) => Promise<FeedPage>;
} & {
  [F in FeedNames<D> as `${F}Acknowledge`]: (acknowledgement: FeedAcknowledgement, call: Call) => Promise<void>;
};
