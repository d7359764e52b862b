/**
 * The transactions of a dossier, the newest first. A function, since a database keeps the plan of what is in one: to plan over
 * all months anew for each question would take many times as long as to find the rows. The rows are found first and ordered
 * then: a plan that reads months through in the order of time until it has met enough would be a wrong guess.
 */
export const dossierSearch = `
create function transactions_of_dossier(
  of_code text, of_client text, of_system text, of_operation text, of_outcome text, low uuid, high uuid, most integer
) returns setof transactions language plpgsql stable as $$ begin
  return query
    with found as materialized (
      select * from transactions t
      where (t.dossier = of_code or t.linked_dossier = of_code)
        and (of_client is null or t.client = of_client) and (of_system is null or t.system = of_system)
        and (of_operation is null or t.operation = of_operation) and (of_outcome is null or t.outcome = of_outcome)
        and t.id >= low and t.id < high
    )
    select * from found f order by f.id desc limit most;
end $$;
`;
