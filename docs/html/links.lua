-- SPDX-License-Identifier: Apache-2.0
--
-- Links between pages lead to where docs/html/make lays them. What is not laid there, a file or folder of the sources, is
-- no link: its path stands behind the words, from the top of the sources or, with `files`, where readers have it.
local page, files

-- The path from the top of the sources, of one that is written from the page's folder.
local function from_top(path)
  path = page:gsub('[^/]*$', '') .. path
  repeat
    local before = path
    path = path:gsub('[^/]+/%.%./', '', 1)
  until path == before
  return path
end

local function laid(path)
  if path == 'README.md' then return 'index.html' end
  if path == 'dashboards/README.md' then return 'dashboards.html' end
  local name = path:match('^docs/([^/]+)$') or path:match('^SECURITY%.md$')
  return name and name:gsub('%.md$', '.html')
end

local function for_readers(path)
  if files ~= '' and (path:match('^deploy/') or path:match('^proto/')) then return files .. '/' .. path end
  return path
end

local function lead(link)
  local path, anchor = link.target:match('^([^#]*)(.*)$')
  if path == '' or path:match('^%a+:') then return nil end
  path = from_top(path)
  local name = laid(path)
  if name then
    link.target = name .. anchor
    return link
  end
  if pandoc.utils.stringify(link.content) == path then return pandoc.Code(for_readers(path)) end
  local words = link.content
  words:extend({pandoc.Str(' ('), pandoc.Code(for_readers(path)), pandoc.Str(')')})
  return words
end

-- The first heading is what the browser calls the page.
local function name_page(document)
  for _, block in ipairs(document.blocks) do
    if block.t == 'Header' then
      document.meta.pagetitle = pandoc.utils.stringify(block)
      return document
    end
  end
end

return {
  {Meta = function(meta) page, files = pandoc.utils.stringify(meta.page), pandoc.utils.stringify(meta.files) end},
  {Link = lead, Pandoc = name_page},
}
