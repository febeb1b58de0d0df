-- The order of waiting requests within a class. Joined with turn.lua, which it precedes, to one script.
--
-- The next place goes to the department that holds the fewest places, and in it to the developer who does. Among equals it goes to whoever has
-- been due longest: since their oldest request arrived, or since they last got or returned a place, whichever is later. So developers take
-- turns, and nobody's first request waits for another's many. Only those who wait are compared: what they do not ask for is anybody's.
--
-- An id is WORKER:FLOW:REQUEST, a flow CLASS.DEPARTMENT.DEVELOPER (caller.py).
local function flowOf(id)
  return string.match(id, "^[^:]*:([^:]*):")
end

local function departmentOf(flow)
  return string.match(flow, "^(.*)%.")
end

-- A request's member in the set of waiting requests: by flow, then by arrival.
local function entryOf(id, arrival)
  return string.format("%s:%013.0f:%s", flowOf(id), arrival, id)
end

local function precedes(one, other)
  if one.held ~= other.held then return one.held < other.held end
  if one.due ~= other.due then return one.due < other.due end
  return one.name < other.name
end

local function first(shares)
  local found
  for _, share in ipairs(shares) do
    if share.head and (not found or precedes(share, found)) then found = share end
  end
  return found
end

-- Places held, by flow and by CLASS.DEPARTMENT.
local function heldBy(leases)
  local held = {}
  for _, id in ipairs(redis.call("ZRANGE", leases, 0, -1)) do
    local flow = flowOf(id)
    if flow then
      local department = departmentOf(flow)
      held[flow] = (held[flow] or 0) + 1
      held[department] = (held[department] or 0) + 1
    end
  end
  return held
end

-- When each flow and CLASS.DEPARTMENT last got or returned a place, in ms.
local function changedAt(changes)
  local found = redis.call("ZRANGE", changes, 0, -1, "WITHSCORES")
  local changed = {}
  for at = 1, #found, 2 do
    changed[found[at]] = tonumber(found[at + 1])
  end
  return changed
end

-- Who waits. `next(class)` is the class's next request: its id, entry and arrival in ms; nil when there is none. `took(request)` gives it a place
-- in this order; `stays` when it remains in the set, because its own worker is to take it. Reads the first request of each developer.
local function lineUp(waiting, leases, changes, now)
  local held, changed = heldBy(leases), changedAt(changes)
  local departments, classes = {}, { {}, {}, {} }

  local function shareOf(name)
    return { name = name, held = held[name] or 0, changed = changed[name] or 0, stay = 0 }
  end
  local function lookAtDeveloper(developer, entry)
    developer.head = nil
    if not entry then return end
    local arrival, id = string.match(entry, "^[^:]*:(%d+):(.*)$")
    developer.head = { id = id, entry = entry, arrival = tonumber(arrival), developer = developer }
    developer.due = math.max(developer.head.arrival, developer.changed)
  end
  local function lookAtDepartment(department)
    local next = first(department.developers)
    department.head = next and next.head
    department.due = next and math.max(next.head.arrival, department.changed)
  end

  local from = "-"
  while true do
    local entry = redis.call("ZRANGEBYLEX", waiting, from, "+", "LIMIT", 0, 1)[1]
    if not entry then break end
    local flow = string.match(entry, "^[^:]*")
    local name = departmentOf(flow)
    if not departments[name] then
      departments[name] = shareOf(name)
      departments[name].developers = {}
      table.insert(classes[tonumber(string.sub(name, 1, 1))], departments[name])
    end
    local developer = shareOf(flow)
    developer.department = departments[name]
    table.insert(departments[name].developers, developer)
    lookAtDeveloper(developer, entry)
    -- Past this flow: ";" comes after ":".
    from = "(" .. flow .. ";"
  end
  for _, department in pairs(departments) do lookAtDepartment(department) end

  return {
    next = function(class)
      local next = first(classes[class])
      return next and next.head
    end,
    took = function(request, stays)
      local developer = request.developer
      for _, share in ipairs({ developer, developer.department }) do
        share.held, share.changed = share.held + 1, now
      end
      if stays then developer.stay = developer.stay + 1 end
      local own = "[" .. developer.name .. ":"
      lookAtDeveloper(developer, redis.call("ZRANGEBYLEX", waiting, own, "(" .. developer.name .. ";", "LIMIT", developer.stay, 1)[1])
      lookAtDepartment(developer.department)
      return developer.name, developer.department.name
    end,
  }
end
