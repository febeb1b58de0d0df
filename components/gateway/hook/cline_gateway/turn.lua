-- One turn of one worker at one model group: takes back the places its requests left, prolongs those they hold, moves the limit, and gives
-- places to those of its waiting requests that are next over all workers (order.lua). A worker has one turn in flight per group, so none
-- overtakes another.
-- KEYS: 1 leases (member id, score ms at which it ends), 2 beats (member id of a waiting request, score ms of its last sign of life),
--       3 limit, 4 ms of its last fall, 5 passed (field class, value how often others went first),
--       6 waiting (members FLOW:ARRIVAL:ID of score 0, so in order of flow and arrival), 7 arrivals (field id of a waiting request, value ms),
--       8 changes (members flow and CLASS.DEPARTMENT, score ms at which it last got or returned a place while somebody waited).
--       All under one hash tag.
-- ARGV: 1 rules as JSON (rules.py), 2 the turn as JSON: prefix (of this worker's ids), left (ids), served (how many of them went well),
--       throttled (ms at which the newest throttled one had got its place, or 0), held (ids), waiting ([id, ms of arrival or 0 for now])
-- Answer: {ms now, how many wait over all workers, ids that have got a place...}
local rules = cjson.decode(ARGV[1])
local turn = cjson.decode(ARGV[2])
local leases, beats, passes, waiting, arrivals, changes = KEYS[1], KEYS[2], KEYS[5], KEYS[6], KEYS[7], KEYS[8]
local time = redis.call("TIME")
local now = time[1] * 1000 + math.floor(time[2] / 1000)

local function unqueue(id)
  redis.call("ZREM", beats, id)
  local arrival = redis.call("HGET", arrivals, id)
  if arrival then
    redis.call("HDEL", arrivals, id)
    redis.call("ZREM", waiting, entryOf(id, arrival))
  end
end

local queued = redis.call("ZCARD", beats)
for _, id in ipairs(turn.left) do
  -- A request that gave up waiting has no lease.
  if redis.call("ZREM", leases, id) == 0 then
    unqueue(id)
  elseif queued > 0 then
    local flow = flowOf(id)
    redis.call("ZADD", changes, now, flow, now, departmentOf(flow))
  end
end
for _, id in ipairs(turn.held) do
  -- Added where it is missing: the worker knows what runs, also after this server has lost its memory.
  redis.call("ZADD", leases, now + rules.lease_ms, id)
end

local ceiling = rules.ceiling
local limit = math.min(tonumber(redis.call("GET", KEYS[3]) or ceiling), ceiling)
if turn.throttled > 0 then
  -- Those in flight at an overload, and those let in before the fall could show, all come back throttled: one event, one fall.
  if turn.throttled >= tonumber(redis.call("GET", KEYS[4]) or 0) + rules.fall_once_ms then
    limit = math.max(1, limit * rules.fall_factor)
    redis.call("SET", KEYS[3], tostring(limit), "EX", rules.limit_seconds)
    redis.call("SET", KEYS[4], string.format("%.0f", now), "EX", rules.limit_seconds)
  end
elseif turn.served > 0 and limit < ceiling then
  limit = limit + turn.served / limit
  if limit < ceiling then
    redis.call("SET", KEYS[3], tostring(limit), "EX", rules.limit_seconds)
  else
    redis.call("DEL", KEYS[3])
  end
end

queued = redis.call("ZCARD", beats)
local answer = { now, queued }
if queued == 0 and #turn.waiting == 0 then return answer end

redis.call("ZREMRANGEBYSCORE", leases, "-inf", now)
local room = math.floor(math.min(limit, ceiling)) - redis.call("ZCARD", leases)
if queued == 0 and room >= #turn.waiting then
  for _, each in ipairs(turn.waiting) do
    redis.call("ZADD", leases, now + rules.lease_ms, each[1])
    answer[#answer + 1] = each[1]
  end
  return answer
end

for _, each in ipairs(turn.waiting) do
  local id, arrival = each[1], each[2] > 0 and each[2] or now
  if redis.call("HSETNX", arrivals, id, string.format("%.0f", arrival)) == 1 then
    redis.call("ZADD", waiting, 0, entryOf(id, arrival))
  end
  redis.call("ZADD", beats, now, id)
end
for _, gone in ipairs(redis.call("ZRANGEBYSCORE", beats, "-inf", now - rules.waiter_gone_ms)) do
  unqueue(gone)
end
answer[2] = redis.call("ZCARD", beats)
if room <= 0 then return answer end

redis.call("ZREMRANGEBYSCORE", changes, "-inf", now - rules.changes_ms)
local line = lineUp(waiting, leases, changes, now)

-- Who is next of all: the classes' next ones against each other, by arrival less the class's head start. Whoever has waited longer than the
-- head start of a higher class goes before it; and a class passed over too often goes first whatever its rank, because under a lasting
-- overload of the higher classes the wait is over before the head start is made up.
local heads, passed = {}, redis.call("HMGET", passes, 1, 2, 3)
local function rank(class)
  return heads[class].arrival - rules.head_start_ms[class]
end
local function before(one, other)
  local overdue = math.max(passed[one], passed[other]) >= rules.most_passes
  if overdue and passed[one] ~= passed[other] then return passed[one] > passed[other] end
  return rank(one) < rank(other)
end
for class = 1, 3 do
  passed[class] = tonumber(passed[class] or 0)
  heads[class] = line.next(class)
end
for _ = 1, room do
  local class
  for candidate = 1, 3 do
    if heads[candidate] and (not class or before(candidate, class)) then class = candidate end
  end
  if not class then break end
  local request = heads[class]
  local own = string.sub(request.id, 1, #turn.prefix) == turn.prefix
  for other = 1, 3 do
    if other == class then
      passed[other] = 0
    elseif heads[other] then
      passed[other] = passed[other] + 1
      if own then redis.call("HINCRBY", passes, other, 1) end
    end
  end
  if own then
    redis.call("HSET", passes, class, 0)
    redis.call("ZREM", waiting, request.entry)
    redis.call("HDEL", arrivals, request.id)
    redis.call("ZREM", beats, request.id)
    redis.call("ZADD", leases, now + rules.lease_ms, request.id)
    answer[#answer + 1] = request.id
  end
  -- Another worker's stays: its place is kept for its own next turn.
  local flow, department = line.took(request, not own)
  if own then redis.call("ZADD", changes, now, flow, now, department) end
  heads[class] = line.next(class)
end
answer[2] = redis.call("ZCARD", beats)
return answer
