import type { ActionKindDescription } from '@cerberusmesh/contract/api-actions';
import { queryOptions, useMutation, useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { api, dataOf, type PostBody } from '../../api/ask.ts';
import { deedName } from '../../kit/deed-name.ts';
import { Button, Choice, Field } from '../../kit/form.tsx';
import { Answer, Fault, Panel } from '../../kit/panel.tsx';
import { orderFieldsOf, parametersOf } from './order-fields.ts';
import { OrderInput } from './order-input.tsx';
import { OrderOutcome } from './order-outcome.tsx';

type Order = PostBody<'/api/actions'>;

const kindsQuery = queryOptions({
  queryKey: ['action kinds'],
  queryFn: () => dataOf(api.GET('/api/actions/kinds')),
  staleTime: Number.POSITIVE_INFINITY,
});

/** What a person may have done by hand: the form of each action is printed from the action's own declaration. */
export function OrderPanel() {
  const kinds = useQuery(kindsQuery);
  const [chosen, setChosen] = useState<string>();
  return (
    <Panel title="Order an action" aside="tried dry first; audited">
      <Answer query={kinds} isEmpty={({ data }) => data.length === 0} empty="This process carries out no action.">
        {({ data }) => {
          const kind = data.find((each) => each.kind === chosen);
          return (
            <>
              <Choice
                label="What"
                choices={['choose …', ...data.map((each) => ({ value: each.kind, words: deedName(each.kind) }))]}
                value={chosen ?? 'choose …'}
                onChange={({ target }) => setChosen(target.value)}
              />
              {kind && <OrderForm key={kind.kind} kind={kind} />}
            </>
          );
        }}
      </Answer>
    </Panel>
  );
}

function OrderForm({ kind }: { kind: ActionKindDescription }) {
  const fields = orderFieldsOf(kind.parameters, kind.example);
  /** The order as it was tried: only the same one may be carried out. */
  const [tried, setTried] = useState<string>();
  const [isSame, setSame] = useState(false);
  const order = useMutation({ mutationFn: (body: Order) => dataOf(api.POST('/api/actions', { body })) });
  const [fault, setFault] = useState<Error>();

  function submit(submission: FormEvent<HTMLFormElement>) {
    submission.preventDefault();
    const body = read(submission.currentTarget);
    if (body === undefined) return;
    const isDry = tried !== JSON.stringify(body);
    order.mutate({ ...body, dry_run: isDry }, { onSuccess: () => note(isDry ? body : undefined) });
  }

  function note(body: Order | undefined) {
    setTried(body && JSON.stringify(body));
    setSame(body !== undefined);
  }

  function read(form: HTMLFormElement): Order | undefined {
    setFault(undefined);
    const said = new FormData(form);
    try {
      const reason = String(said.get('reason')).trim();
      return { kind: kind.kind, parameters: parametersOf(fields, said), reason };
    } catch (error) {
      setFault(error instanceof Error ? error : new Error(String(error)));
      return undefined;
    }
  }

  return (
    <form
      onSubmit={submit}
      onChange={({ currentTarget }) => setSame(tried !== undefined && tried === JSON.stringify(read(currentTarget)))}
      className="mt-2 grid gap-2"
    >
      <p className="text-[0.85rem]">{kind.does}</p>
      <p className="text-[0.8rem] text-soft">
        {kind.reversible ? 'Can be taken back: ' : 'Cannot be taken back: '}
        {kind.undo}
        {kind.needs.length > 0 && ` Needs ${kind.needs.join('; ')}.`}
      </p>
      <div className="grid gap-2 sm:grid-cols-2">
        {fields.map((field) => (
          <OrderInput key={field.name} field={field} />
        ))}
      </div>
      <Field name="reason" label="Why (is kept)" maxLength={500} required />
      <p className="flex flex-wrap items-baseline gap-2">
        <Button type="submit" needs="operator in actions" isMain={isSame} disabled={order.isPending}>
          {isSame ? 'Carry it out' : 'Try it dry'}
        </Button>
        <span className="text-[0.8rem] text-soft">
          {isSame ? 'As it was tried.' : 'Touches nothing; then it can be carried out.'}
        </span>
      </p>
      {(fault ?? order.error) && <Fault error={fault ?? order.error ?? new Error()} />}
      {order.data && <OrderOutcome key={order.data.request_id} requestId={order.data.request_id} />}
    </form>
  );
}
