/**
 * All limits of one call, in one round trip and as one step: either every limit admits and counts the call, or one refuses
 * and none counts it. Time is the server's own, so gateways need not agree on theirs. Times are microseconds.
 *
 * KEYS: one per limit. ARGV: per limit `r`, emission interval, burst tolerance — or `q`, limit, end of the period.
 * Answers: index of the refusing limit (0: none), retry after, then per limit remaining and reset.
 */
export const limitScript = `
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local refused, retry = 0, 0
local states = {}
local values = #KEYS > 0 and redis.call('MGET', unpack(KEYS)) or {}
for i = 1, #KEYS do
  local kind, a, b = ARGV[i * 3 - 2], tonumber(ARGV[i * 3 - 1]), tonumber(ARGV[i * 3])
  local value = tonumber(values[i] or nil)
  if kind == 'r' then
    local due = value or now
    if due < now then due = now end
    local over = due - now - b
    if over > 0 and (refused == 0 or over > retry) then refused, retry = i, over end
    states[i] = due
  else
    local used = value or 0
    if used >= a and (refused == 0 or b - now > retry) then refused, retry = i, b - now end
    states[i] = used
  end
end
local answer = { refused, string.format('%.0f', math.max(retry, 0)) }
for i = 1, #KEYS do
  local kind, a, b = ARGV[i * 3 - 2], tonumber(ARGV[i * 3 - 1]), tonumber(ARGV[i * 3])
  local state = states[i]
  if kind == 'r' then
    if refused == 0 then
      state = state + a
      redis.call('SET', KEYS[i], string.format('%.0f', state), 'PX', math.ceil((state - now) / 1000) + 1)
    end
    answer[#answer + 1] = math.max(0, math.floor((b + a - (state - now)) / a))
    answer[#answer + 1] = string.format('%.0f', math.max(0, state - now))
  else
    if refused == 0 then
      state = state + 1
      redis.call('SET', KEYS[i], state, 'PX', math.max(1, math.ceil((b - now) / 1000)))
    end
    answer[#answer + 1] = math.max(0, a - state)
    answer[#answer + 1] = string.format('%.0f', math.max(0, b - now))
  end
end
return answer
`;
