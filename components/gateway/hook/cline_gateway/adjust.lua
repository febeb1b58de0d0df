-- Moves a model group's limit after an answer: down by a factor when Bedrock throttled, up by a part of one when it did not.
-- KEYS: 1 limit, 2 mark of the last fall. ARGV: 1 "throttled" or "served", 2 ceiling, 3 factor of a fall, 4 ms within which one fall is enough.
local ceiling = tonumber(ARGV[2])
local limit = math.min(tonumber(redis.call("GET", KEYS[1]) or ceiling), ceiling)
if ARGV[1] == "throttled" then
  -- The requests in flight at one overload all come back throttled: they are one event, not many.
  if not redis.call("SET", KEYS[2], "1", "NX", "PX", ARGV[4]) then return tostring(limit) end
  limit = math.max(1, limit * tonumber(ARGV[3]))
elseif limit < ceiling then
  limit = math.min(ceiling, limit + 1 / limit)
else
  return tostring(limit)
end
redis.call("SET", KEYS[1], tostring(limit), "EX", 3600)
return tostring(limit)
