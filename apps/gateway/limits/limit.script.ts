/**
 * Many calls in one round trip, one after the other as one step: either every limit of a call admits and counts it, or one
 * refuses and none counts it. Time is the server's own, so gateways need not agree on theirs. Times are microseconds.
 *
 * Calls with the same limits are one group. KEYS: the limits of all groups in order. ARGV: per group the number of its calls,
 * of its limits, and the limits' settings as one text, four words each: `r`, emission interval, burst tolerance, size — or `q`,
 * quota, end of the period, size. Answers one text with five numbers per call: index of the refusing limit (0: none), retry
 * after, index of the tightest limit, calls that it has left, time until it is full again.
 */
export const limitScript = `
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local values = redis.call('MGET', unpack(KEYS))
local state, lives = {}, {}
for i = 1, #KEYS do state[KEYS[i]] = tonumber(values[i] or nil) end

local answer = {}
local argument, first = 1, 0
while first < #KEYS do
  local calls, count = tonumber(ARGV[argument]), tonumber(ARGV[argument + 1])
  local kind, a, b, size = {}, {}, {}, {}
  for k, x, y, z in string.gmatch(ARGV[argument + 2], '(%a) (%S+) (%S+) (%S+)') do
    local i = #kind + 1
    kind[i], a[i], b[i], size[i] = k, tonumber(x), tonumber(y), tonumber(z)
  end
  for call = 1, calls do
    local refused, retry = 0, 0
    for i = 1, count do
      local used = state[KEYS[first + i]]
      if kind[i] == 'r' then
        local over = (used or now) - now - b[i]
        if over > 0 and over > retry then refused, retry = i, over end
      elseif (used or 0) >= a[i] and b[i] - now > retry then
        refused, retry = i, b[i] - now
      end
    end
    local tightest, left, reset, least = 0, 0, 0, math.huge
    for i = 1, count do
      local key = KEYS[first + i]
      local used, remaining, full = state[key]
      if kind[i] == 'r' then
        if not used or used < now then used = now end
        if refused == 0 then
          used = used + a[i]
          state[key], lives[key] = used, math.ceil((used - now) / 1000) + 1
        end
        full = used - now
        remaining = math.max(0, math.floor((b[i] + a[i] - full) / a[i]))
      else
        used = used or 0
        full = math.max(0, b[i] - now)
        if refused == 0 then
          used = used + 1
          state[key], lives[key] = used, math.max(1, math.ceil(full / 1000))
        end
        remaining = math.max(0, a[i] - used)
      end
      if i == refused then tightest, left, reset, least = i, 0, full, -1
      elseif remaining / size[i] < least then tightest, left, reset, least = i, remaining, full, remaining / size[i] end
    end
    local n = #answer
    answer[n + 1] = string.format('%d %.0f %d %.0f %.0f', refused, math.ceil(retry), tightest, left, math.ceil(reset))
  end
  argument = argument + 3
  first = first + count
end
for key, life in pairs(lives) do redis.call('SET', key, string.format('%.0f', state[key]), 'PX', life) end
return table.concat(answer, ' ')
`;
