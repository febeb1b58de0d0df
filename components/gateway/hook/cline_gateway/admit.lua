-- One attempt of one request to enter. Everything about a model group lives under one hash tag, so it is one cluster slot.
-- KEYS: 1 leases (member id, score end of lease), 2 queue (member id, score rank), 3 beats (member id, score last sign of life),
--       4 limit (requests in flight allowed now; follows the throttling, see adjust.lua)
-- ARGV: 1 id, 2 the class's head start in ms, 3 lease in ms, 4 ceiling, 5 ms without a sign of life after which a waiter is gone
-- Answer: {1, in flight} when admitted, {0, how many are ahead} when not.
-- The rank is arrival minus head start, by the server's clock: whoever has waited longer than the head start of a higher class goes first,
-- so no class starves.
local time = redis.call("TIME")
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call("ZREMRANGEBYSCORE", KEYS[1], "-inf", now)
for _, gone in ipairs(redis.call("ZRANGEBYSCORE", KEYS[3], "-inf", now - tonumber(ARGV[5]))) do
  redis.call("ZREM", KEYS[2], gone)
  redis.call("ZREM", KEYS[3], gone)
end
local ceiling = tonumber(ARGV[4])
local limit = math.max(1, math.floor(math.min(tonumber(redis.call("GET", KEYS[4]) or ceiling), ceiling)))
local rank = tonumber(redis.call("ZSCORE", KEYS[2], ARGV[1]) or now - tonumber(ARGV[2]))
local ahead = redis.call("ZCOUNT", KEYS[2], "-inf", "(" .. string.format("%.0f", rank))
if limit - redis.call("ZCARD", KEYS[1]) > ahead then
  redis.call("ZREM", KEYS[2], ARGV[1])
  redis.call("ZREM", KEYS[3], ARGV[1])
  redis.call("ZADD", KEYS[1], now + tonumber(ARGV[3]), ARGV[1])
  return { 1, redis.call("ZCARD", KEYS[1]) }
end
redis.call("ZADD", KEYS[2], rank, ARGV[1])
redis.call("ZADD", KEYS[3], now, ARGV[1])
return { 0, ahead }
